package io.smc4j.testkit.explore;

import java.time.Duration;

/**
 * What an exploration without a broken promise has seen.
 *
 * @param model the model's name
 * @param states distinct states
 * @param edges steps taken
 * @param depth steps of the longest of the shortest ways to a state
 * @param rests states in which no duty was left
 * @param complete whether every reachable state was seen; otherwise the limit of states was reached and endings were not checked
 * @param widest most states that waited to be explored at once: they are what needs memory
 * @param time how long it took
 */
public record Exploration(
        String model, int states, long edges, int depth, int rests, boolean complete, int widest, Duration time) {
    @Override
    public String toString() {
        return "%s: %,d states%s, %,d steps, depth %d, %,d at rest, %.1f s"
                .formatted(
                        model,
                        states,
                        complete ? "" : " (cut off at the limit)",
                        edges,
                        depth,
                        rests,
                        time.toMillis() / 1000.0);
    }
}
