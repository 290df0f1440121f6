package io.smc4j.rdma.disni;

import io.smc4j.rdma.Availability.Unavailable;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** What must be there before DiSNI is touched: once its loading of {@code libdisni} failed, it cannot be tried again. */
final class LibraryCheck {
    static final String EXPORT = "--add-exports java.base/sun.nio.ch=ALL-UNNAMED";
    private static final String LIBRARY = "disni";

    private LibraryCheck() {}

    /** @return what is missing, or null */
    static @Nullable Unavailable missing() {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            return new Unavailable("DiSNI 2.0 reads socket addresses for little-endian processors only", "use ibverbs");
        }
        if (!Object.class.getModule().isExported("sun.nio.ch", LibraryCheck.class.getModule())) {
            return new Unavailable("DiSNI needs the internal package sun.nio.ch", "start java with " + EXPORT);
        }
        try {
            System.loadLibrary(LIBRARY);
            return null;
        } catch (UnsatisfiedLinkError e) {
            return new Unavailable(
                    "the native library libdisni is not installed (" + e.getMessage() + ")",
                    "install libdisni of DiSNI 2.0 (it is no part of smc4j) where java.library.path finds it, or use ibverbs,"
                            + " which needs libibverbs only");
        } catch (IllegalCallerException e) {
            return new Unavailable("native access is off", "start java with --enable-native-access=ALL-UNNAMED");
        }
    }
}
