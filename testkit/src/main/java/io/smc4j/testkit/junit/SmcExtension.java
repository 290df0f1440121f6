package io.smc4j.testkit.junit;

import io.smc4j.Smc;
import io.smc4j.SmcServerChannel;
import io.smc4j.testkit.ResourceLedger;
import io.smc4j.testkit.faults.FaultDirector;
import io.smc4j.testkit.faults.FaultLog;
import io.smc4j.testkit.faults.FaultyDevice;
import io.smc4j.testkit.faults.FaultyDevices;
import io.smc4j.testkit.faults.FaultyIsmDevice;
import io.smc4j.testkit.node.NodePair;
import io.smc4j.testkit.node.TestNode;
import io.smc4j.testkit.time.TestClock;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Gives the tests of {@link SmcTest} their nodes, watches over their time, and looks after what they leave. */
final class SmcExtension implements ParameterResolver, InvocationInterceptor, AfterEachCallback {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(SmcExtension.class);

    /** Parameters of one of the nodes. */
    private static final Set<Class<?>> OF_A_NODE = Set.of(
            Smc.class,
            TestNode.class,
            FaultyDevices.class,
            FaultyDevice.class,
            FaultyIsmDevice.class,
            FaultDirector.class,
            ActorSystem.class);

    private static final Set<Class<?>> OF_BOTH =
            Set.of(NodePair.class, SmcServerChannel.class, TestClock.class, ResourceLedger.class, FaultLog.class);

    /** The pair of a test. */
    private record Running(NodePair pair) {}

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return OF_A_NODE.contains(type) || OF_BOTH.contains(type);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        try {
            NodePair pair = pair(context);
            return OF_BOTH.contains(type) ? ofBoth(type, pair) : ofNode(type, node(parameter, pair));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ParameterResolutionException("interrupted while the nodes were started", e);
        }
    }

    private static Object ofBoth(Class<?> type, NodePair pair) throws InterruptedException {
        if (type == SmcServerChannel.class) {
            return pair.listen();
        }
        return type == TestClock.class
                ? pair.clock()
                : type == ResourceLedger.class ? pair.ledger() : type == FaultLog.class ? pair.log() : pair;
    }

    private static TestNode node(ParameterContext parameter, NodePair pair) {
        boolean client = parameter.isAnnotated(Client.class);
        if (client == parameter.isAnnotated(Server.class)) {
            throw new ParameterResolutionException("parameter " + parameter.getParameter()
                    + " must say whose it is: annotate it with @Client or with @Server");
        }
        return client ? pair.client() : pair.server();
    }

    private static Object ofNode(Class<?> type, TestNode node) {
        if (type == Smc.class) {
            return node.smc();
        } else if (type == FaultyDevices.class) {
            return node.devices();
        } else if (type == FaultyDevice.class) {
            return node.devices().rdma();
        } else if (type == FaultyIsmDevice.class) {
            return node.devices().ism();
        } else if (type == FaultDirector.class) {
            return node.director();
        } else if (type == ActorSystem.class) {
            return node.system();
        }
        return node;
    }

    /** The pair of this test, started with the first parameter that needs it. */
    private static NodePair pair(ExtensionContext context) throws InterruptedException {
        Running running = running(context);
        if (running == null) {
            SmcTest test = annotation(context);
            running = new Running(NodePair.start(
                    test.clock() == SmcTest.Clock.STANDING ? TestClock.standing() : TestClock.flowing(),
                    lines(test.value(), test.server()),
                    lines(test.value(), test.client())));
            context.getStore(NAMESPACE).put(NodePair.class, running);
        }
        return running.pair();
    }

    private static @Nullable Running running(ExtensionContext context) {
        return context.getStore(NAMESPACE).get(NodePair.class, Running.class);
    }

    private static List<String> lines(String[] both, String[] own) {
        return Stream.concat(Stream.of(both), Stream.of(own)).toList();
    }

    private static SmcTest annotation(ExtensionContext context) {
        return context.getTestMethod()
                .flatMap(method -> AnnotationSupport.findAnnotation(method, SmcTest.class))
                .or(() -> context.getTestClass()
                        .flatMap(type -> AnnotationSupport.findAnnotation(
                                type, SmcTest.class, context.getEnclosingTestClasses())))
                .orElseThrow(() -> new ParameterResolutionException("no @SmcTest on " + context.getDisplayName()));
    }

    /** Behind the test's own methods that run after each test: shuts the nodes down and looks for what is left. */
    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        Running running = context.getStore(NAMESPACE).remove(NodePair.class, Running.class);
        if (running == null) {
            return;
        }
        try {
            running.pair().close();
        } catch (Exception | AssertionError e) {
            e.addSuppressed(new Evidence(running.pair().evidence()));
            throw e;
        }
    }

    // ---- bounded, and with evidence ----

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> invoked, ExtensionContext context)
            throws Throwable {
        bounded(invocation, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> invoked, ExtensionContext context)
            throws Throwable {
        bounded(invocation, context);
    }

    private static void bounded(Invocation<Void> invocation, ExtensionContext context) throws Throwable {
        try {
            BoundedRun.of(context.getDisplayName(), invocation::proceed)
                    .within(annotation(context).timeoutSeconds());
        } catch (Throwable e) {
            Running running = running(context);
            if (running != null) {
                e.addSuppressed(new Evidence(running.pair().evidence()));
            }
            throw e;
        }
    }
}
