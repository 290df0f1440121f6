package io.smc4j.cli.soak;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All activities of a process, and how long the longest stood still. Thread-safe. */
final class Watch {
    private final Set<Activity> activities = ConcurrentHashMap.newKeySet();
    private final long boundNanos;
    private long longestNanos;

    /** @param boundNanos how long something may make no progress before it counts as hanging */
    Watch(long boundNanos) {
        this.boundNanos = boundNanos;
    }

    /** @param giveUp what ends it by force if it hangs */
    Activity begin(String what, Runnable giveUp) {
        Activity activity = new Activity(what, giveUp);
        activities.add(activity);
        return activity;
    }

    void end(Activity activity) {
        note(activity.stalledNanos(System.nanoTime()));
        activities.remove(activity);
    }

    /** Looks at all activities. @return those that newly hang */
    List<Activity> look() {
        long now = System.nanoTime();
        activities.forEach(activity -> note(activity.stalledNanos(now)));
        return activities.stream()
                .filter(activity -> activity.stalledNanos(now) > boundNanos && activity.report())
                .toList();
    }

    int size() {
        return activities.size();
    }

    synchronized long longestNanos() {
        return longestNanos;
    }

    private synchronized void note(long nanos) {
        longestNanos = Math.max(longestNanos, nanos);
    }
}
