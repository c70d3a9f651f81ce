// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.berth.gateway", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule ONLY_THE_AGENTS_CLIENT = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.berth.core.linux..",
                    "io.berth.core.plan..",
                    "io.berth.core.runtime..",
                    "io.berth.core.agent..",
                    "io.berth.core.ticket..",
                    "jnr..")
            .because("what faces the network makes no syscall of its own and cannot mint a ticket");

    @ArchTest
    static final ArchRule NONE_OF_MINAS_OWN_SERVICES = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.sshd.sftp..",
                    "org.apache.sshd.scp..",
                    "org.apache.sshd.server.shell..",
                    "org.apache.sshd.server.subsystem..",
                    "org.apache.sshd.server.x11..",
                    "org.apache.sshd.agent..")
            .because("they act on the gateway's files, network and user instead of the container's");

    @ArchTest
    static final ArchRule NO_SOCKET_OF_ITS_OWN = noClasses()
            .that()
            .haveNameNotMatching(".*\\.(Sockets|ClientSocket)(\\$.*)?") // where SSH clients come in
            .and()
            .haveNameNotMatching(".*\\.GatewaySandbox") // looks for a free port
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.net\\.(Server)?Socket|java\\.nio\\.channels\\..*Socket.*")
            .because("what is forwarded leads into the container, never into the gateway's network");

    @ArchTest
    static final ArchRule NO_GENERATED_HOST_KEY_PROVIDER = noClasses()
            .should()
            .dependOnClassesThat()
            .haveSimpleName("SimpleGeneratorHostKeyProvider")
            .because("it deserialises Java objects (CVE-2022-45047)");
}
