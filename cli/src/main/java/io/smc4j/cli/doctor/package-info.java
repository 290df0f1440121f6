/** {@code doctor}: what works on this machine, and why the rest does not. */
@NullMarked
package io.smc4j.cli.doctor;

import org.jspecify.annotations.NullMarked;
