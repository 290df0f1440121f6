/** Link groups and connections, put together from the messages of a capture. */
@NullMarked
package io.smc4j.cli.dissect.summary;

import org.jspecify.annotations.NullMarked;
