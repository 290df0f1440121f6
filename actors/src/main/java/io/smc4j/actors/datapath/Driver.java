package io.smc4j.actors.datapath;

/**
 * Lets application threads do the work of a completion queue's owner where they would only wait for it: then a message costs no switch
 * to the owner's thread. The queue stays the owner's; it lends its turns.
 */
public interface Driver {
    /** The owner does everything itself. */
    Driver NONE = new Driver() {
        @Override
        public boolean drive(boolean goesOn) {
            return false;
        }

        @Override
        public void leave() {
            // the owner relies on nobody
        }
    };

    /**
     * Does one bounded round of the owner's work, unless somebody else is at it. Never blocks. Any thread; a call from within a
     * round does nothing.
     *
     * @param goesOn the caller goes on to drive until it finds what it waits for: the owner may leave the queue to it meanwhile
     * @return whether whatever was marked dirty before is done, or will be by who is at work: else ring the owner
     */
    boolean drive(boolean goesOn);

    /** The calling thread drove, and is about to sleep: the owner looks after the queue again. */
    void leave();
}
