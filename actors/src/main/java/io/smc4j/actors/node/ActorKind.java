package io.smc4j.actors.node;

/**
 * Kinds of actors of a node, with what is lost when one of them throws. None is ever restarted: what owns a queue pair has no
 * second life, and what owns nothing is made anew by whoever needs it. {@code docs/supervision.md} says who frees what.
 */
public enum ActorKind {
    NODE("SmcNode", Loss.NODE),
    REGISTRY("LinkGroupRegistry", Loss.NODE),
    COMPLETION_QUEUE_OWNER("CompletionQueueOwner", Loss.NODE),
    ISM_OWNER("IsmOwner", Loss.NODE),
    REAPER("Reaper", Loss.NODE),
    LISTENER("Listener", Loss.PORT),
    CLIENT_HANDSHAKE("ClientHandshake", Loss.ATTEMPT),
    SERVER_HANDSHAKE("ServerHandshake", Loss.ATTEMPT),
    LINK_GROUP("LinkGroup", Loss.LINK_GROUP),
    LINK("Link", Loss.LINK),
    CONNECTION("Connection", Loss.CONNECTION);

    /** What goes with an actor that throws. */
    public enum Loss {
        ATTEMPT("that connection attempt"),
        PORT("the port, and connections not taken yet"),
        CONNECTION("that connection"),
        LINK("that link"),
        LINK_GROUP("its connections"),
        NODE("the node");

        private final String text;

        Loss(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    private final String label;
    private final Loss loss;

    ActorKind(String label, Loss loss) {
        this.label = label;
        this.loss = loss;
    }

    /** The name people know it by. */
    public String label() {
        return label;
    }

    /** What is lost when it throws. */
    public Loss loss() {
        return loss;
    }
}
