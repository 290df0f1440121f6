/** The handles that applications hold: thin objects over the data path, with the connection's or listener's actor behind them. */
@NullMarked
package io.smc4j.actors.channel;

import org.jspecify.annotations.NullMarked;
