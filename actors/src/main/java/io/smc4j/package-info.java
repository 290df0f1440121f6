@NullMarked
package io.smc4j;

import org.jspecify.annotations.NullMarked;
