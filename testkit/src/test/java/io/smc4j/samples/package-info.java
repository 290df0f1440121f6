/** How a user of smc4j tests a service of their own: a client that its supervisor restarts, against what can befall its peer. */
package io.smc4j.samples;
