package io.smc4j.cli.dissect.capture;

import java.io.IOException;

/** The input is no capture that can be read; the message says why and what to give instead. */
public final class NotACaptureException extends IOException {
    private static final long serialVersionUID = 1L;

    NotACaptureException(String message) {
        super(message);
    }
}
