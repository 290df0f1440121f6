/** Whole nodes, connected and made to suffer: what a user of the public API sees, over every transport. */
package io.smc4j.system;
