package io.smc4j.rdma.disni;

import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.SVCPostRecv;
import com.ibm.disni.verbs.SVCPostSend;
import io.smc4j.rdma.SendWorkRequest;
import java.io.IOException;
import java.util.LinkedList;
import java.util.List;

/** {@link Jverbs.Pair} by stateful verb calls: DiSNI builds the native request once, a post changes what differs. */
record DisniPair(IbvQP qp) implements Jverbs.Pair {
    @Override
    public Jverbs.Send sender(int opcode, int segments) throws IOException {
        IbvSendWR request = new IbvSendWR();
        request.setOpcode(
                opcode == SendWorkRequest.OP_RDMA_WRITE ? IbvSendWR.IBV_WR_RDMA_WRITE : IbvSendWR.IBV_WR_SEND);
        LinkedList<IbvSge> list = new LinkedList<>();
        for (int i = 0; i < segments; i++) {
            list.add(new IbvSge());
        }
        request.setSg_list(list);
        request.setNum_sge(segments);
        return new Sender(qp.postSend(List.of(request), List.of()), segments);
    }

    @Override
    public Jverbs.Receive receiver(long id, long address, int length, int localKey) throws IOException {
        IbvSge segment = new IbvSge();
        segment.setAddr(address);
        segment.setLength(length);
        segment.setLkey(localKey);
        LinkedList<IbvSge> list = new LinkedList<>();
        list.add(segment);
        IbvRecvWR request = new IbvRecvWR();
        request.setWr_id(id);
        request.setSg_list(list);
        request.setNum_sge(1);
        return new Receiver(qp.postRecv(List.of(request), List.of()));
    }

    private static final class Sender implements Jverbs.Send {
        private final SVCPostSend call;
        private final SVCPostSend.SendWRMod request;
        private final SVCPostSend.RdmaMod target;
        private final SVCPostSend.SgeMod[] segments;

        Sender(SVCPostSend call, int count) throws IOException {
            this.call = call;
            request = call.getWrMod(0);
            target = request.getRdmaMod();
            segments = new SVCPostSend.SgeMod[count];
            for (int i = 0; i < count; i++) {
                segments[i] = request.getSgeMod(i);
            }
        }

        @Override
        public void request(long id, int flags, long remoteAddress, int remoteKey) {
            request.setWr_id(id);
            request.setSend_flags(verbsFlags(flags));
            target.setRemote_addr(remoteAddress);
            target.setRkey(remoteKey);
        }

        private static int verbsFlags(int flags) {
            return ((flags & SendWorkRequest.SIGNALED) != 0 ? IbvSendWR.IBV_SEND_SIGNALED : 0)
                    | ((flags & SendWorkRequest.SOLICITED) != 0 ? IbvSendWR.IBV_SEND_SOLICITED : 0)
                    | ((flags & SendWorkRequest.INLINE) != 0 ? IbvSendWR.IBV_SEND_INLINE : 0);
        }

        @Override
        public void segment(int i, long address, int length, int localKey) {
            segments[i].setAddr(address);
            segments[i].setLength(length);
            segments[i].setLkey(localKey);
        }

        @Override
        public void execute() throws IOException {
            call.execute();
        }

        @Override
        public void free() {
            call.free();
        }
    }

    private record Receiver(SVCPostRecv call) implements Jverbs.Receive {
        @Override
        public void execute() throws IOException {
            call.execute();
        }

        @Override
        public void free() {
            call.free();
        }
    }
}
