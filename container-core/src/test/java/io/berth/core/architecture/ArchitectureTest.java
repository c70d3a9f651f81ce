// SPDX-License-Identifier: Apache-2.0
package io.berth.core.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;

/** Which package may use which. */
@AnalyzeClasses(packages = "io.berth.core", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final String ROOT = "io.berth.core.";

    /** A package per kernel feature. */
    private static final Set<String> KERNEL = Set.of(
            "mount",
            "namespace",
            "idmap",
            "cgroup",
            "seccomp",
            "capability",
            "lsm",
            "lxcfs",
            "process",
            "pty",
            "network",
            "storage",
            "image",
            "passport");

    private static final Set<String> KERNEL_MAY_USE = Set.of("spec", "linux", "plan");

    @ArchTest
    static final ArchRule onlyLinuxTouchesNativeCode = noClasses()
            .that()
            .resideOutsideOfPackage("io.berth.core.linux..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jnr..", "com.kenai..", "java.lang.foreign..")
            .because("one package crosses the border to C, so one package can be checked for memory and errno");

    @ArchTest
    static final ArchRule kernelPackagesKeepToThemselves = classes()
            .that(DescribedPredicate.describe("belong to a kernel feature", type -> KERNEL.contains(feature(type))))
            .should(keepToThemselves())
            .because("runtime alone orders them: a kernel feature can be read, tested and replaced without the others");

    @ArchTest
    static final ArchRule runtimeIsForTheAgent = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.berth.core.runtime..", "io.berth.core.agent..", "io.berth.core.cli..", "io.berth.core.doctor..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.berth.core.runtime..")
            .because("whoever has the runtime has root's power; everybody else asks the agent");

    @ArchTest
    static final ArchRule clientsNeedNoAgent = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.berth.core.client..",
                    "io.berth.core.protocol..",
                    "io.berth.core.ticket..",
                    "io.berth.core.sandbox..",
                    "io.berth.core.tcp..",
                    "io.berth.core.spec..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.berth.core.agent..", "io.berth.core.cli..", "io.berth.core.doctor..", "io.berth.core.plan..")
            .because("platform and gateway link these packages, and hold no privilege");

    @ArchTest
    static final ArchRule specStandsAlone = noClasses()
            .that()
            .resideInAPackage("io.berth.core.spec..")
            .should()
            .dependOnClassesThat(DescribedPredicate.describe(
                    "are of another package of ours",
                    type -> type.getPackageName().startsWith("io.berth")
                            && !feature(type).equals("spec")))
            .because("what may be asked for is the vocabulary of all");

    @ArchTest
    static final ArchRule noCycles = slices().matching("io.berth.core.(*)..")
            .should()
            .beFreeOfCycles()
            .because("packages that need each other are one package");

    private static ArchCondition<JavaClass> keepToThemselves() {
        return new ArchCondition<>("use only their own package, spec, linux and plan of ours") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getDirectDependenciesFromSelf().stream()
                        .filter(dependency -> !isAllowed(feature(type), dependency.getTargetClass()))
                        .forEach(dependency ->
                                events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription())));
            }
        };
    }

    private static boolean isAllowed(String from, JavaClass target) {
        String to = feature(target);
        return to.isEmpty() || to.equals(from) || KERNEL_MAY_USE.contains(to);
    }

    /** The package's name below ours; empty for what is not ours. */
    private static String feature(JavaClass type) {
        String name = type.getBaseComponentType().getPackageName();
        if (!name.startsWith(ROOT)) {
            return "";
        }
        int end = name.indexOf('.', ROOT.length());
        return end < 0 ? name.substring(ROOT.length()) : name.substring(ROOT.length(), end);
    }

    private ArchitectureTest() {}
}
