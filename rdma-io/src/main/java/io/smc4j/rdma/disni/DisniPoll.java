package io.smc4j.rdma.disni;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.SVCPollCq;
import java.io.IOException;

/** {@link Jverbs.Poll} by {@code SVCPollCq}. */
final class DisniPoll implements Jverbs.Poll {
    private final IbvWC[] completions;
    private final SVCPollCq call;

    DisniPoll(IbvCQ cq, int most) throws IOException {
        completions = new IbvWC[most];
        for (int i = 0; i < most; i++) {
            completions[i] = new IbvWC();
        }
        call = cq.poll(completions, most);
    }

    @Override
    public int execute() throws IOException {
        return call.execute().getPolls();
    }

    @Override
    public long id(int i) {
        return completions[i].getWr_id();
    }

    @Override
    public int status(int i) {
        return completions[i].getStatus();
    }

    @Override
    public int bytes(int i) {
        return completions[i].getByte_len();
    }

    @Override
    public void free() {
        call.free();
    }
}
