package io.smc4j.actors.loop;

/** What a {@link ControlLoop} looks after between its tasks, and sleeps in: a selector. All but {@link #wakeUp} on the loop's thread. */
public interface LoopGuest {
    /** Does what is due, without waiting. @return whether there was anything */
    boolean poll();

    /** Waits until there is something to do, and does it, or until {@link #wakeUp}. */
    void await();

    /** Ends {@link #await}: the one under way or the next. Any thread. */
    void wakeUp();

    /** The loop ends and comes back no more. */
    void loopEnds();
}
