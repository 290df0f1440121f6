/** From frames to TCP segments and RoCE packets. */
@NullMarked
package io.smc4j.cli.dissect.packet;

import org.jspecify.annotations.NullMarked;
