// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;

class NativeBorderTest {
    @Test
    void onlyThisPackageReachesNativeCode() {
        var rule = noClasses()
                .that()
                .resideOutsideOfPackage("io.berth.core.linux")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jnr..", "com.kenai..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(LibC.class)
                .because("memory and errno of native calls are safe only behind Syscall and NativeMemory");
        var classes = new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests())
                .importPackages("io.berth.core");
        assertThatCode(() -> rule.check(classes)).doesNotThrowAnyException();
    }
}
