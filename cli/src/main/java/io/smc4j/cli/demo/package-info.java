/** {@code demo}: two processes move a real file over every transport, and a link dies on the way. */
@NullMarked
package io.smc4j.cli.demo;

import org.jspecify.annotations.NullMarked;
