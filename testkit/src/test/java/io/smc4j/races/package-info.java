/** The races of the protocol's history, a test each: the interleaving is provoked, and what must hold is checked. */
@org.jspecify.annotations.NullMarked
package io.smc4j.races;
