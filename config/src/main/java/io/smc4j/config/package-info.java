@NullMarked
package io.smc4j.config;

import org.jspecify.annotations.NullMarked;
