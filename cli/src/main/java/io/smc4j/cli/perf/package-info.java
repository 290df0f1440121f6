/** Where {@code smc4j perf} is. */
@NullMarked
package io.smc4j.cli.perf;

import org.jspecify.annotations.NullMarked;
