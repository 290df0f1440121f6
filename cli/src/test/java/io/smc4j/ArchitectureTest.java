package io.smc4j;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** The floors of the house and what each may stand on. It lives here because the command is the one module that sees them all. */
@AnalyzeClasses(packages = "io.smc4j", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final String JDK = "java..";

    /** A public module of the JDK: socket options that java.net leaves to the platform. */
    private static final String JDK_NET = "jdk.net";

    private static final String JSPECIFY = "org.jspecify.annotations..";

    private static final String PROTOCOL = "io.smc4j.protocol..";
    private static final String RDMA = "io.smc4j.rdma..";
    private static final String CONFIG = "io.smc4j.config..";
    private static final String API = "io.smc4j";
    private static final String ACTORS = "io.smc4j.actors..";
    private static final String TESTKIT = "io.smc4j.testkit..";
    private static final String CLI = "io.smc4j.cli..";

    /** DiSNI, the one library that a device may bring along, stays within its own package. */
    private static final String DISNI_DEVICE = "io.smc4j.rdma.disni..";

    private static final String DISNI = "com.ibm.disni..";

    /**
     * What the command uses besides the public API, and why. Anything else that it needs belongs into the API, since a user's
     * application needs it too.
     */
    private static final String[] BESIDES_THE_API = {
        PROTOCOL, // decodes what is on the wire: "dissect"
        CONFIG, // reads, checks and explains settings: "config" and "doctor"
        "io.smc4j.rdma", // lists devices and says why one is not available: the SPI, not the devices
        "io.smc4j.rdma.tcpoption", // the administrator's side of strategy tcp-option: "enable-tcp-option" and "doctor"
        TESTKIT, // "soak" injects faults
    };

    /** Reading an address literal asks no name service. */
    private static final DescribedPredicate<JavaClass> ADDRESS_LITERALS =
            JavaClass.Predicates.belongToAnyOf(InetAddress.class, Inet4Address.class, Inet6Address.class);

    @ArchTest
    static final ArchRule everyClassLivesOnAKnownFloor =
            classes().should().resideInAnyPackage(PROTOCOL, RDMA, CONFIG, API, ACTORS, TESTKIT, CLI);

    @ArchTest
    static final ArchRule everyPackageIsNullMarked = classes()
            .that()
            .areTopLevelClasses()
            .should(ArchConditions.bePartOfAPackageAnnotatedWith(NullMarked.class));

    @ArchTest
    static final ArchRule protocolStandsOnTheJdkAlone = classes()
            .that()
            .resideInAPackage(PROTOCOL)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(PROTOCOL, JDK, JSPECIFY);

    @ArchTest
    static final ArchRule protocolDoesNoInputOutputAndStartsNoThreads = noClasses()
            .that()
            .resideInAPackage(PROTOCOL)
            .should()
            .dependOnClassesThat(describe(
                    "do input or output or run threads",
                    JavaClass.Predicates.resideInAnyPackage(
                                    "java.io",
                                    "java.net..",
                                    "java.nio.file..",
                                    "java.nio.channels..",
                                    "java.util.concurrent")
                            .and(not(ADDRESS_LITERALS))))
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class);

    @ArchTest
    static final ArchRule protocolIsGivenTheTime = noClasses()
            .that()
            .resideInAPackage(PROTOCOL)
            .should()
            .accessTargetWhere(uses(System.class, "nanoTime", "currentTimeMillis"))
            .orShould()
            .accessTargetWhere(uses(Instant.class, "now"))
            .orShould()
            .accessTargetWhere(uses(
                    InetAddress.class,
                    "getByName",
                    "getAllByName",
                    "getLocalHost",
                    "getHostName",
                    "getCanonicalHostName",
                    "isReachable"))
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class);

    @ArchTest
    static final ArchRule rdmaIoStandsOnTheJdkAlone = classes()
            .that()
            .resideInAPackage(RDMA)
            .and()
            .resideOutsideOfPackage(DISNI_DEVICE)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(RDMA, JDK, JDK_NET, JSPECIFY);

    @ArchTest
    static final ArchRule onlyTheDisniDeviceKnowsDisni = noClasses()
            .that()
            .resideOutsideOfPackage(DISNI_DEVICE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(DISNI, DISNI_DEVICE);

    @ArchTest
    static final ArchRule configStandsOnTypesafeConfig = classes()
            .that()
            .resideInAPackage(CONFIG)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(CONFIG, JDK, JSPECIFY, "com.typesafe.config..");

    @ArchTest
    static final ArchRule actorsStandOnTheThreeBelowAndPekko = classes()
            .that()
            .resideInAnyPackage(API, ACTORS)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    API,
                    ACTORS,
                    PROTOCOL,
                    RDMA,
                    CONFIG,
                    JDK,
                    JSPECIFY,
                    "jdk.jfr..",
                    "jdk.net..", // extended socket options
                    "org.apache.pekko..",
                    "scala..", // Pekko's signatures name it
                    "com.typesafe.config..",
                    "org.slf4j..");

    @ArchTest
    static final ArchRule testkitDoesNotKnowTheCommand = noClasses()
            .that()
            .resideInAPackage(TESTKIT)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(CLI);

    @ArchTest
    static final ArchRule theCommandUsesThePublicApi = noClasses()
            .that()
            .resideInAPackage(CLI)
            .should()
            .dependOnClassesThat(describe(
                    "are inside smc4j but neither public API nor one of the documented exceptions",
                    type -> type.getPackageName().startsWith("io.smc4j")
                            && !JavaClass.Predicates.resideInAPackage(API).test(type)
                            && !JavaClass.Predicates.resideInAPackage(CLI).test(type)
                            && !JavaClass.Predicates.resideInAnyPackage(BESIDES_THE_API)
                                    .test(type)));

    @ArchTest
    static final ArchRule nothingSleepsToWaitForSomething = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(
                    "io.smc4j.cli.echo.PingCommand") // paces its pings, and so waits for time alone
            .and()
            .doNotHaveFullyQualifiedName(
                    "io.smc4j.cli.demo.DyingLink") // looks for a second link, which nobody announces to applications
            .should()
            .accessTargetWhere(uses(Thread.class, "sleep"))
            .because("whoever waits for something is woken by it");

    @ArchTest
    static final ArchRule nothingUsesInternalsOfTheJdk =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("sun..", "jdk.internal..", "com.sun..");

    private ArchitectureTest() {}

    /** Calls as well as method references, which are not calls. */
    private static DescribedPredicate<JavaAccess<?>> uses(Class<?> owner, String... methods) {
        Set<String> names = Set.of(methods);
        return describe(
                "target is " + owner.getSimpleName() + "." + names,
                access -> access.getTargetOwner().isEquivalentTo(owner)
                        && names.contains(access.getTarget().getName()));
    }
}
