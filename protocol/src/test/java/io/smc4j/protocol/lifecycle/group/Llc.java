package io.smc4j.protocol.lifecycle.group;

/**
 * An LLC message on its way in the explorer's world.
 *
 * @param argument the link, connection or buffer it is about
 * @param port the sender's port of that link
 */
record Llc(Kind kind, int argument, int port) {
    enum Kind {
        CONFIRM_LINK,
        CONFIRM_LINK_ANSWER,
        ADD_LINK,
        ADD_LINK_ANSWER,
        ADD_LINK_REJECT,
        REQUEST_ADD_LINK,
        DELETE_LINK,
        DELETE_LINK_ANSWER,
        DELETE_ALL,
        CONFIRM_RKEY,
        CONFIRM_RKEY_ANSWER,
        DELETE_RKEY,
        DELETE_RKEY_ANSWER
    }
}
