package io.smc4j.rdma.disni;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import com.ibm.disni.verbs.RdmaEventChannel;
import com.ibm.disni.verbs.SVCRegMr;
import com.ibm.disni.verbs.SVCReqNotify;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@link Jverbs} by DiSNI. Its first use loads {@code libdisni}: {@link LibraryCheck} comes before. */
final class DisniVerbs implements Jverbs {
    private static final EventType[] EVENTS = EventType.values();

    @Override
    public Channel openChannel() throws IOException {
        return new CmChannel(RdmaEventChannel.createEventChannel());
    }

    /** DiSNI reports most failures by an exception, some by a negative result. */
    static void require(int result, String call) throws IOException {
        if (result < 0) {
            throw new IOException(call + " failed with " + result);
        }
    }

    static <T> T made(@Nullable T object, String call) throws IOException {
        if (object == null) {
            throw new IOException(call + " failed");
        }
        return object;
    }

    private static final class CmChannel implements Channel {
        private final RdmaEventChannel channel;
        private final Map<RdmaCmId, CmId> ids = new IdentityHashMap<>();

        CmChannel(@Nullable RdmaEventChannel channel) throws IOException {
            this.channel = made(channel, "rdma_create_event_channel");
        }

        @Override
        public Id createId() throws IOException {
            return known(made(channel.createId(RdmaCm.RDMA_PS_TCP), "rdma_create_id"));
        }

        private synchronized CmId known(RdmaCmId id) {
            return ids.computeIfAbsent(id, CmId::new);
        }

        @Override
        public @Nullable Event next(int timeoutMillis) throws IOException {
            RdmaCmEvent event = channel.getCmEvent(timeoutMillis);
            RdmaCmId id = event == null ? null : event.getConnIdPriv();
            if (event == null || id == null || event.getEvent() >= EVENTS.length) {
                return null; // nothing, or of an id that was destroyed meanwhile
            }
            event.ackEvent();
            return new Event(EVENTS[event.getEvent()], known(id));
        }

        @Override
        public void destroy() throws IOException {
            require(channel.destroyEventChannel(), "rdma_destroy_event_channel");
        }
    }

    private record CmId(RdmaCmId id) implements Id {
        @Override
        public void bind(InetSocketAddress local) throws IOException {
            id.bindAddr(local);
        }

        @Override
        public InetSocketAddress local() throws IOException {
            return (InetSocketAddress) made(id.getSource(), "rdma_get_local_addr");
        }

        @Override
        public InetSocketAddress remote() throws IOException {
            return (InetSocketAddress) made(id.getDestination(), "rdma_get_peer_addr");
        }

        @Override
        public void listen(int backlog) throws IOException {
            id.listen(backlog);
        }

        @Override
        public void resolveAddress(InetSocketAddress remote, int timeoutMillis) throws IOException {
            id.resolveAddr(null, remote, timeoutMillis);
        }

        @Override
        public void resolveRoute(int timeoutMillis) throws IOException {
            id.resolveRoute(timeoutMillis);
        }

        @Override
        public void connect(int retryCount, int rnrRetry) throws IOException {
            id.connect(parameters(retryCount, rnrRetry));
        }

        @Override
        public void accept(int retryCount, int rnrRetry) throws IOException {
            id.accept(parameters(retryCount, rnrRetry));
        }

        private static RdmaConnParam parameters(int retryCount, int rnrRetry) throws IOException {
            RdmaConnParam parameters = new RdmaConnParam();
            parameters.setRetry_count((byte) retryCount);
            parameters.setRnr_retry_count((byte) rnrRetry);
            return parameters;
        }

        @Override
        public void disconnect() throws IOException {
            id.disconnect(); // fails if it was not connected; its queue pair is in ERROR all the same
        }

        @Override
        public Context context() throws IOException {
            return new DeviceContext(made(id.getVerbs(), "rdma_cm_id.verbs"));
        }

        @Override
        public Pair createPair(Domain domain, Queue queue, int sends, int receives, int inlineBytes)
                throws IOException {
            IbvCQ cq = ((CompletionQueue) queue).cq();
            IbvQPInitAttr attributes = new IbvQPInitAttr();
            attributes.cap().setMax_send_wr(sends);
            attributes.cap().setMax_recv_wr(receives);
            attributes.cap().setMax_inline_data(inlineBytes);
            attributes.setQp_type(IbvQP.IBV_QPT_RC);
            attributes.setSend_cq(cq);
            attributes.setRecv_cq(cq);
            return new DisniPair(made(id.createQP(((ProtectionDomain) domain).pd(), attributes), "rdma_create_qp"));
        }

        @Override
        public void destroyPair() throws IOException {
            require(id.destroyQP(), "rdma_destroy_qp");
        }

        @Override
        public void destroy() throws IOException {
            require(id.destroyId(), "rdma_destroy_id");
        }
    }

    private record DeviceContext(IbvContext context) implements Context {
        @Override
        public Domain allocateDomain() throws IOException {
            return new ProtectionDomain(made(context.allocPd(), "ibv_alloc_pd"));
        }

        @Override
        public Queue createQueue(int capacity) throws IOException {
            IbvCompChannel channel = made(context.createCompChannel(), "ibv_create_comp_channel");
            IbvCQ cq = null;
            try {
                cq = made(context.createCQ(channel, capacity, 0), "ibv_create_cq");
                return new CompletionQueue(channel, cq, cq.reqNotification(false));
            } finally {
                if (cq == null) {
                    channel.destroyCompChannel();
                }
            }
        }
    }

    private record ProtectionDomain(IbvPd pd) implements Domain {
        @Override
        public Memory register(long address, int length, boolean remoteWrite) throws IOException {
            int access = IbvMr.IBV_ACCESS_LOCAL_WRITE | (remoteWrite ? IbvMr.IBV_ACCESS_REMOTE_WRITE : 0);
            SVCRegMr call = pd.regMr(address, length, access);
            try {
                return new RegisteredMemory(made(call.execute().getMr(), "ibv_reg_mr"));
            } finally {
                call.free();
            }
        }

        @Override
        public void free() throws IOException {
            try {
                require(pd.deallocPd(), "ibv_dealloc_pd");
            } catch (IOException e) {
                throw e;
            } catch (Exception e) { // as DiSNI declares it
                throw new IOException("ibv_dealloc_pd failed", e);
            }
        }
    }

    private record RegisteredMemory(IbvMr mr) implements Memory {
        @Override
        public int localKey() {
            return mr.getLkey();
        }

        @Override
        public int remoteKey() {
            return mr.getRkey();
        }

        @Override
        public void free() throws IOException {
            mr.deregMr().execute().free();
        }
    }

    private record CompletionQueue(IbvCompChannel channel, IbvCQ cq, SVCReqNotify arm) implements Queue {
        @Override
        public Poll poller(int most) throws IOException {
            return new DisniPoll(cq, most);
        }

        @Override
        public void requestNotify() throws IOException {
            arm.execute();
        }

        @Override
        public boolean awaitEvent(int timeoutMillis) throws IOException {
            boolean came = channel.getCqEvent(cq, timeoutMillis);
            if (came) {
                cq.ackEvents(1);
            }
            return came;
        }

        @Override
        public void destroy() throws IOException {
            require(cq.destroyCQ(), "ibv_destroy_cq");
            require(channel.destroyCompChannel(), "ibv_destroy_comp_channel");
        }
    }
}
