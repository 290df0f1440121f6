/**
 * smc4j's public API: the {@link io.smc4j.Smc} extension, its Pekko Streams face and the {@link io.smc4j.SmcChannel} below it.
 *
 * <p>Everything a user needs is in this package; the packages below it are implementation and may change at any time.
 */
@NullMarked
package io.smc4j;

import org.jspecify.annotations.NullMarked;
