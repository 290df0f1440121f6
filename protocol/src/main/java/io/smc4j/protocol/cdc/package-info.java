/** Connection data control: how two ends tell each other where data ends in a receive buffer and how far it was consumed. */
@NullMarked
package io.smc4j.protocol.cdc;

import org.jspecify.annotations.NullMarked;
