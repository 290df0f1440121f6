/** What is printed: lines, trees, JSON, the summary. */
@NullMarked
package io.smc4j.cli.dissect.report;

import org.jspecify.annotations.NullMarked;
