package io.smc4j.actors.channel;
import io.smc4j.actors.datapath.Endpoint;
public class ChannelImpl  {
    public ChannelImpl(Endpoint endpoint, ChannelControl control) {}
}
