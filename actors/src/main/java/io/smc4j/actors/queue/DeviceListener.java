package io.smc4j.actors.queue;

/** How the owner tells of its device's asynchronous events; called on the owner's thread, must only pass a message on. */
public interface DeviceListener {
    void portDown(int port);

    void portUp(int port);

    /** The device is lost; every link on it has been told so too. */
    void deviceFatal(String reason);
}
