package io.smc4j.protocol.lifecycle.group;

import java.util.List;

/**
 * The outcome of one step.
 *
 * @param state the state after it
 * @param effects what to do now, in order
 */
public record Step(LinkGroupState state, List<GroupEffect> effects) {}
