package io.smc4j.config;

/**
 * SMC over memory that both ends map ({@code smc4j.smc-d}).
 *
 * @param enabled whether this node offers and accepts it
 * @param provider name of the ISM provider
 * @param bufferSize bytes of each connection's DMB, a size class up to 64 MiB
 */
public record SmcDSettings(boolean enabled, String provider, int bufferSize) {
    static SmcDSettings read(SettingsBlock smcD) {
        return new SmcDSettings(
                smcD.flag("enabled"),
                smcD.string("provider"),
                smcD.sizeClass("buffer-size", SettingsBlock.LARGEST_SMC_D_BUFFER));
    }
}
