package io.smc4j.cli.dissect.stream;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map that forgets what was not asked for longest, so that no capture can fill the memory. */
final class Recent<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;

    private final int most;

    Recent(int most) {
        super(64, 0.75f, true);
        this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
    }
}
