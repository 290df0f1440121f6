package io.smc4j.cli.transfer;

import io.smc4j.ConnectionInfo;

/** Hears what became of the connections of a {@link FileServer}; called by their threads. */
interface ServeListener {
    /** A file is complete. @param checked whether the sender gave a checksum to hold it against */
    void stored(ConnectionInfo info, FileName name, long bytes, long nanos, Sha256 checksum, boolean checked);

    /** A request was refused. */
    void refused(ConnectionInfo info, int status, String reason);

    /** A connection failed half way. */
    void failed(ConnectionInfo info, String reason);

    /** The status text was given. */
    void answered(ConnectionInfo info);
}
