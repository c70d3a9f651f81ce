// SPDX-License-Identifier: Apache-2.0
package io.berth.core.seccomp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.linux.Architecture;
import io.berth.core.linux.Errno;
import io.berth.core.linux.SeccompFlag;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Plan;
import io.berth.core.seccomp.Condition.AllOf;
import io.berth.core.seccomp.Condition.Always;
import io.berth.core.seccomp.Condition.ArgumentHas;
import io.berth.core.seccomp.Condition.ArgumentIs;
import io.berth.core.seccomp.Condition.ArgumentIsNot;
import io.berth.core.seccomp.Condition.ArgumentLacks;
import io.berth.core.seccomp.Verdict.Denied;
import io.berth.core.seccomp.Verdict.Emulate;
import io.berth.core.seccomp.Verdict.Unknown;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SeccompPolicyTest {
    private static final int HIGHEST_NUMBER = 600;
    private static final int MAX_COMPARISONS = 16;
    private static final long HIGH_BIT = 1L << 32;

    private static Interpreter interpreter(Abi abi) {
        Architecture architecture = abi == Abi.AARCH64 ? Architecture.AARCH64 : Architecture.X86_64;
        return new Interpreter(SeccompPolicy.container(architecture).program());
    }

    private static Interpreter.Verdict run(Abi abi, int number, long... arguments) {
        return interpreter(abi).run(abi.audit(), number, arguments);
    }

    @ParameterizedTest
    @EnumSource(Abi.class)
    void everyRuleDeniesWhatItNamesAndNothingElse(Abi abi) {
        for (Rule rule : DenyList.rules()) {
            rule.numbers().on(abi).ifPresent(number -> {
                for (long[] arguments : held(rule.when())) {
                    assertThat(run(abi, number, arguments).errno())
                            .as("%s(%s) on %s", rule.call(), Arrays.toString(arguments), abi)
                            .isEqualTo(rule.errno().number());
                }
                for (long[] arguments : passed(rule.when())) {
                    assertThat(run(abi, number, arguments).allows())
                            .as("%s(%s) on %s", rule.call(), Arrays.toString(arguments), abi)
                            .isTrue();
                }
            });
        }
    }

    private static List<long[]> held(Condition condition) {
        return switch (condition) {
            case Always _ -> List.of(new long[6], arguments(0, -1), arguments(1, 7));
            case ArgumentIs is ->
                is.values().stream()
                        .flatMap(value -> Stream.of(
                                arguments(is.argument(), value.value()),
                                arguments(is.argument(), HIGH_BIT | value.value())))
                        .toList();
            case ArgumentHas has ->
                List.of(
                        arguments(has.argument(), has.bit().value()),
                        arguments(has.argument(), -1),
                        arguments(has.argument(), HIGH_BIT | has.bit().value() | 2));
            case ArgumentLacks lacks ->
                List.of(
                        arguments(lacks.argument(), 0),
                        arguments(lacks.argument(), HIGH_BIT),
                        arguments(lacks.argument(), 02000000));
            case ArgumentIsNot isNot ->
                List.of(arguments(isNot.argument(), isNot.value().value() + 1), arguments(isNot.argument(), -1));
            case AllOf both ->
                held(both.first()).stream()
                        .flatMap(one -> held(both.second()).stream().map(other -> joined(one, other)))
                        .toList();
        };
    }

    /** Conditions of one policy look at different arguments. */
    private static long[] joined(long[] one, long[] other) {
        long[] joined = new long[6];
        Arrays.setAll(joined, i -> one[i] | other[i]);
        return joined;
    }

    private static List<long[]> passed(Condition condition) {
        return switch (condition) {
            case Always _ -> List.of();
            case ArgumentIs is -> {
                Set<Integer> values =
                        is.values().stream().map(Condition.Named::value).collect(Collectors.toSet());
                List<long[]> allowed = new ArrayList<>();
                for (int value : values) {
                    Stream.of(value - 1, value + 1, 0)
                            .filter(neighbour -> !values.contains(neighbour))
                            .forEach(neighbour -> allowed.add(arguments(is.argument(), neighbour)));
                    allowed.add(arguments(is.argument() + 1, value)); // in another argument
                }
                yield allowed;
            }
            case ArgumentHas has ->
                List.of(
                        arguments(has.argument(), 0),
                        arguments(has.argument(), ~has.bit().value()),
                        arguments(has.argument() + 1, has.bit().value()));
            case ArgumentLacks lacks ->
                List.of(
                        arguments(lacks.argument(), lacks.bit().value()),
                        arguments(lacks.argument(), 02000000 | lacks.bit().value()));
            case ArgumentIsNot isNot ->
                List.of(
                        arguments(isNot.argument(), isNot.value().value()),
                        arguments(isNot.argument(), HIGH_BIT | isNot.value().value()));
            case AllOf both ->
                Stream.concat(
                                passed(both.first()).stream(),
                                held(both.first()).stream()
                                        .flatMap(one ->
                                                passed(both.second()).stream().map(other -> joined(one, other))))
                        .toList();
        };
    }

    private static long[] arguments(int index, long value) {
        long[] arguments = new long[6];
        arguments[index] = value;
        return arguments;
    }

    private static Architecture architecture(Abi abi) {
        return abi == Abi.AARCH64 ? Architecture.AARCH64 : Architecture.X86_64;
    }

    private static SeccompPolicy supervised(Abi abi) {
        return SeccompPolicy.container(architecture(abi)).supervised();
    }

    @ParameterizedTest
    @EnumSource(Abi.class)
    void underASupervisorADenialIsNotifiedUnlessItIsSilent(Abi abi) {
        SeccompPolicy policy = supervised(abi);
        for (Rule rule : DenyList.rules()) {
            rule.numbers().on(abi).ifPresent(number -> {
                for (long[] arguments : held(rule.when())) {
                    int action = new Interpreter(policy.program())
                            .run(abi.audit(), number, arguments)
                            .action();
                    assertThat(action)
                            .as("%s(%s) on %s", rule.call(), Arrays.toString(arguments), abi)
                            .isEqualTo(
                                    rule.answer() == Rule.Answer.NOTIFIED
                                            ? Instruction.SECCOMP_RET_USER_NOTIF
                                            : Instruction.SECCOMP_RET_ERRNO
                                                    | rule.errno().number());
                    assertThat(policy.verdict(abi.audit(), number, arguments))
                            .isEqualTo(new Denied(rule.call(), rule.errno(), rule.reason()));
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource(Abi.class)
    void theFilterAndTheSupervisorAgreeOnWhatIsEmulated(Abi abi) {
        SeccompPolicy policy = supervised(abi);
        Interpreter filter = new Interpreter(policy.program());
        for (Emulated emulated : Emulated.values()) {
            emulated.numbers().on(abi).ifPresent(number -> {
                for (long[] arguments : held(emulated.when())) {
                    assertThat(filter.run(abi.audit(), number, arguments).action())
                            .as("%s(%s) on %s", emulated, Arrays.toString(arguments), abi)
                            .isEqualTo(Instruction.SECCOMP_RET_USER_NOTIF);
                    assertThat(policy.verdict(abi.audit(), number, arguments)).isEqualTo(new Emulate(emulated));
                }
                for (long[] arguments : passed(emulated.when())) {
                    assertThat(filter.run(abi.audit(), number, arguments).allows())
                            .as("%s(%s) on %s", emulated, Arrays.toString(arguments), abi)
                            .isTrue();
                    assertThat(policy.verdict(abi.audit(), number, arguments)).isEqualTo(new Unknown());
                }
            });
        }
    }

    @Test
    void onlyDevicesAreEmulated() {
        SeccompPolicy policy = supervised(Abi.X86_64);
        int mknod = 133;
        Interpreter filter = new Interpreter(policy.program());
        for (long mode : new long[] {0, 0666, 0010666, 0100666, 0140666}) { // none, FIFO, file, socket
            assertThat(filter.run(Abi.X86_64.audit(), mknod, 0, mode, 0x103).allows())
                    .as(Long.toOctalString(mode))
                    .isTrue();
        }
        assertThat(filter.run(Abi.X86_64.audit(), mknod, 0, 0020666, 0).allows())
                .as("a whiteout, which the kernel makes for anybody")
                .isTrue();
        assertThat(filter.run(Abi.X86_64.audit(), mknod, 0, 0060666, 0x800).action())
                .as("a disk")
                .isEqualTo(Instruction.SECCOMP_RET_USER_NOTIF);
    }

    @Test
    void withoutASupervisorNothingIsNotified() {
        for (Emulated emulated : Emulated.values()) {
            emulated.numbers()
                    .on(Abi.X86_64)
                    .ifPresent(number -> held(emulated.when())
                            .forEach(arguments -> assertThat(
                                            run(Abi.X86_64, number, arguments).allows())
                                    .as(emulated.call())
                                    .isTrue()));
        }
    }

    @Test
    void aPatchDeniesWhateverTheArgumentsAndComesFirst() {
        SeccompPolicy policy = supervised(Abi.X86_64).patched(List.of(new Patch("vmsplice"), new Patch("mknodat")));
        Interpreter filter = new Interpreter(policy.program());
        assertThat(filter.run(Abi.X86_64.audit(), 278).action()).isEqualTo(Instruction.SECCOMP_RET_USER_NOTIF);
        assertThat(filter.run(Abi.I386.audit(), 316).action()).isEqualTo(Instruction.SECCOMP_RET_USER_NOTIF);
        assertThat(policy.verdict(Abi.X86_64.audit(), 259, new long[6]))
                .isInstanceOfSatisfying(Denied.class, denied -> {
                    assertThat(denied.rule()).isEqualTo("mknodat");
                    assertThat(denied.errno()).isEqualTo(Errno.EPERM);
                });
        assertThat(policy.mayGrant("vmsplice")).isTrue();
        assertThat(policy.denies("vmsplice")).isTrue();
        assertThat(supervised(Abi.X86_64).denies("vmsplice")).isFalse();
    }

    @Test
    void aPatchNamesACallThatIsThereAndNotVital() {
        assertThatThrownBy(() -> new Patch("nosuchcall"))
                .isInstanceOf(InvalidPatchException.class)
                .hasMessageContaining("'nosuchcall'");
        assertThatThrownBy(() -> new Patch("execve")).hasMessageContaining("logins");
    }

    @Test
    void theTableOfNamesAgreesWithTheTableOfSystemCalls() {
        SystemCalls names = SystemCalls.load();
        for (Sys sys : Sys.values()) {
            Numbers numbers = names.find(sys.call()).orElseThrow(() -> new AssertionError(sys.call()));
            assertThat(numbers.x8664()).as(sys.call()).isEqualTo(sys.number(Architecture.X86_64));
            assertThat(numbers.aarch64()).as(sys.call()).isEqualTo(sys.number(Architecture.AARCH64));
        }
        for (Rule rule : DenyList.rules()) {
            names.find(rule.call())
                    .ifPresent(numbers -> assertThat(numbers).as(rule.call()).isEqualTo(rule.numbers()));
        }
        for (Emulated emulated : Emulated.values()) {
            assertThat(names.find(emulated.call())).as(emulated.call()).contains(emulated.numbers());
        }
    }

    @ParameterizedTest
    @EnumSource(Abi.class)
    void everyOtherNumberIsAllowedWithoutALookAtArguments(Abi abi) {
        Set<Integer> named = Stream.concat(
                        DenyList.rules().stream().map(Rule::numbers),
                        Arrays.stream(Emulated.values()).map(Emulated::numbers))
                .flatMapToInt(numbers -> numbers.on(abi).stream())
                .boxed()
                .collect(Collectors.toSet());
        Interpreter filter = new Interpreter(supervised(abi).program());
        IntStream.range(0, HIGHEST_NUMBER)
                .filter(number -> !named.contains(number))
                .forEach(number -> {
                    Interpreter.Verdict verdict = filter.run(abi.audit(), number, -1, -1, -1, -1, -1, -1);
                    assertThat(verdict.allows()).as("%d on %s", number, abi).isTrue();
                    assertThat(verdict.loaded())
                            .as("so that the kernel caches %d", number)
                            .isSubsetOf(0, 4);
                    assertThat(verdict.executed()).isLessThan(MAX_COMPARISONS);
                });
    }

    @Test
    void x32IsNotThere() {
        assertThat(run(Abi.X86_64, 0x40000000).errno()).isEqualTo(Errno.ENOSYS.number());
        assertThat(run(Abi.X86_64, 0x40000000 | Sys.GETPID.number(Architecture.X86_64))
                        .errno())
                .isEqualTo(Errno.ENOSYS.number());
        assertThat(run(Abi.X86_64, -1).errno()).isEqualTo(Errno.ENOSYS.number());
        assertThat(run(Abi.X86_64, 0x3fffffff).allows()).isTrue();
    }

    @Test
    void aForeignAbiIsKilled() {
        int arm = 0x40000028; // AUDIT_ARCH_ARM
        for (Abi abi : Abi.values()) {
            Interpreter.Verdict verdict = interpreter(abi).run(arm, 1);
            assertThat(verdict.action()).isEqualTo(Instruction.SECCOMP_RET_KILL_PROCESS);
        }
        assertThat(interpreter(Abi.AARCH64).run(Abi.X86_64.audit(), 1).action())
                .isEqualTo(Instruction.SECCOMP_RET_KILL_PROCESS);
    }

    @Test
    void numbersAgreeWithTheTableOfSystemCalls() {
        for (Rule rule : DenyList.rules()) {
            String name = rule.call().toUpperCase(Locale.ROOT);
            Arrays.stream(Sys.values()).filter(sys -> sys.name().equals(name)).forEach(sys -> {
                assertThat(rule.numbers().x8664()).as(name).isEqualTo(sys.number(Architecture.X86_64));
                assertThat(rule.numbers().aarch64()).as(name).isEqualTo(sys.number(Architecture.AARCH64));
            });
        }
    }

    @Test
    void whatASystemContainerLivesByIsAllowed() {
        Stream.of(
                        Sys.MOUNT,
                        Sys.FSOPEN,
                        Sys.MOVE_MOUNT,
                        Sys.PIVOT_ROOT,
                        Sys.SETNS,
                        Sys.UNSHARE,
                        Sys.CLONE3,
                        Sys.REBOOT,
                        Sys.NAME_TO_HANDLE_AT,
                        Sys.PTRACE,
                        Sys.SECCOMP,
                        Sys.SETHOSTNAME,
                        Sys.CHROOT,
                        Sys.MKNODAT)
                .forEach(sys -> assertThat(
                                run(Abi.X86_64, sys.number(Architecture.X86_64)).allows())
                        .as(sys.call())
                        .isTrue());
    }

    @Test
    void everyRuleHasAReasonAndALine() {
        String text = SeccompPolicy.container(Architecture.X86_64).describe();
        for (Rule rule : DenyList.rules()) {
            assertThat(rule.reason()).as(rule.call()).isNotBlank();
            assertThat(text)
                    .contains(rule.call() + rule.when().describe() + ": "
                            + rule.errno().name());
        }
        assertThat(text)
                .contains("umount2 with MNT_FORCE: EPERM")
                .contains("userfaultfd without UFFD_USER_MODE_ONLY: EPERM")
                .contains("ioctl of TIOCSTI or TIOCLINUX or TIOCSETD: EPERM")
                .contains("X86_64 and I386");
    }

    @Test
    void programIsShort() {
        SeccompPolicy policy = SeccompPolicy.container(Architecture.X86_64);
        assertThat(policy.program()).hasSize(Long.BYTES * policy.instructionCount());
        assertThat(policy.instructionCount()).as("BPF_MAXINSNS is 4096").isLessThan(400);
    }

    @Test
    void aJumpThatBpfCannotMakeIsRefused() {
        assertThatThrownBy(() -> Instruction.jumpIfEqual(0, 0, 256))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("256");
    }

    @Test
    void installationIsOneReadableStep() {
        var plan = Plan.builder("p");
        SeccompPolicy.container(Architecture.host())
                .install(plan, SeccompFlag.SECCOMP_FILTER_FLAG_NEW_LISTENER)
                .into(plan.cell("listener"));
        assertThat(plan.end(0).build().describe())
                .contains(
                        "seccomp filter: seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, filter of")
                .contains("-> listener");
    }
}
