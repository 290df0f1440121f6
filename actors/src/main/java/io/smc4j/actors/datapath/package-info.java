/**
 * The data half of a connection: rings and cursors that application threads and a completion queue's owner touch directly,
 * without actors in between.
 */
@NullMarked
package io.smc4j.actors.datapath;

import org.jspecify.annotations.NullMarked;
