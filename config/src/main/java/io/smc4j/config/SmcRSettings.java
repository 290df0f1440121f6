package io.smc4j.config;

import java.util.List;

/**
 * SMC over RDMA ({@code smc4j.smc-r}).
 *
 * @param enabled whether this node offers and accepts it
 * @param provider name of the verbs provider
 * @param devices device names in order of preference, 1 to 8, all different
 * @param ports ports of a software device, 1..8
 * @param bufferSize bytes of each connection's RMB and send buffer, a size class up to 512 KiB
 * @param maxLinks most links in a link group, 1..2
 * @param maxConnections most connections in a link group, 16..255
 */
public record SmcRSettings(
        boolean enabled,
        String provider,
        List<String> devices,
        int ports,
        int bufferSize,
        int maxLinks,
        int maxConnections) {

    public SmcRSettings {
        devices = List.copyOf(devices);
    }

    static SmcRSettings read(SettingsBlock smcR) {
        return new SmcRSettings(
                smcR.flag("enabled"),
                smcR.string("provider"),
                smcR.strings("devices", 1, 8, name -> !name.isBlank(), "a device name is not blank"),
                smcR.integer("ports", 1, 8),
                smcR.sizeClass("buffer-size", SettingsBlock.LARGEST_SMC_R_BUFFER),
                smcR.integer("max-links", 1, 2),
                smcR.integer("max-connections", 16, 255));
    }
}
