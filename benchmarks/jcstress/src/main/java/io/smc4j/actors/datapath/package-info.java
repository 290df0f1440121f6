/** Stress tests of what this package keeps to itself. */
@NullMarked
package io.smc4j.actors.datapath;

import org.jspecify.annotations.NullMarked;
