/** Connection layer control: the handshake over TCP in which two ends propose, accept, confirm or decline SMC. */
@NullMarked
package io.smc4j.protocol.clc;

import org.jspecify.annotations.NullMarked;
