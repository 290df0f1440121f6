@NullMarked
package io.smc4j.testkit;

import org.jspecify.annotations.NullMarked;
