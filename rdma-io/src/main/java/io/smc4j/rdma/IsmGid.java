package io.smc4j.rdma;

/**
 * Address of an ISM device: 64 bits for native ISM, 128 for emulated ISM.
 *
 * @param gid the GID
 * @param extension second half of an emulated device's GID; 0 for native devices
 */
public record IsmGid(long gid, long extension) {
    @Override
    public String toString() {
        return "%016x:%016x".formatted(gid, extension);
    }
}
