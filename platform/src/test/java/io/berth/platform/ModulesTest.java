// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.berth.core.client.Agent;
import io.berth.core.protocol.AttachRequest;
import io.berth.core.spec.ContainerId;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

class ModulesTest {
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.berth.platform");

    @Test
    void modulesHaveNoCyclesAndKeepToEachOthersFace() {
        ApplicationModules modules = ApplicationModules.of(PlatformApplication.class);
        modules.verify();
        assertThat(modules.stream().map(module -> module.getIdentifier().toString()))
                .contains(
                        "metering",
                        "billing",
                        "tenant",
                        "account",
                        "event",
                        "terminal",
                        "sshkey",
                        "container",
                        "image",
                        "operation",
                        "quota",
                        "trail",
                        "audit",
                        "login",
                        "node",
                        "security");
    }

    @Test
    void nothingOfTheKernelIsReached() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.berth.core.linux..",
                        "io.berth.core.runtime..",
                        "io.berth.core.agent..",
                        "jnr..",
                        "java.lang.foreign..")
                .because("what faces the network holds no privilege: the agent's client is the only way to a node")
                .check(classes);
    }

    @Test
    void onlyTerminalsAttachAndAlwaysWithATicket() {
        noClasses()
                .should()
                .callMethod(Agent.class, "attachAsRoot", ContainerId.class, AttachRequest.class)
                .because("the agent would refuse it")
                .check(classes);
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.berth.platform.terminal.LoginShells")
                .should()
                .callMethodWhere(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "attach to a container",
                        call -> call.getTarget().getName().startsWith("attach")
                                && call.getTargetOwner().getName().equals("io.berth.core.client.Agent")))
                .because("one place of the platform begins login shells")
                .check(classes);
    }

    @Test
    void controllersAreNobodysBusiness() {
        noClasses()
                .that()
                .haveSimpleNameEndingWith("Controller")
                .should()
                .bePublic()
                .because("a controller is called over HTTP only")
                .check(classes);
        noMethods()
                .that()
                .areDeclaredInClassesThat()
                .haveSimpleNameEndingWith("Controller")
                .should()
                .bePublic()
                .because("a controller is called over HTTP only")
                .check(classes);
    }
}
