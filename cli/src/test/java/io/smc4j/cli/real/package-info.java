/** The commands as users run them: processes of their own over real nodes. */
package io.smc4j.cli.real;
