@NullMarked
package io.smc4j.protocol;

import org.jspecify.annotations.NullMarked;
