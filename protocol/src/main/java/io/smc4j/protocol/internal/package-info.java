/** Bounded access to wire bytes for the codecs. Not API: nobody outside this module uses it. */
@NullMarked
package io.smc4j.protocol.internal;

import org.jspecify.annotations.NullMarked;
