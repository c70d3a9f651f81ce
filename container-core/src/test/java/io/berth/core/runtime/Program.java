// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Sys;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Programs of a few instructions, for x86-64, so that a test in a container can make any system call with any arguments; the exit
 * status is what the last one returned, or its errno.
 */
final class Program {
    private static final long BASE = 0x400000;
    private static final int HEADERS = 64 + 56;
    private static final int CODE = 1024; // as much as there is room for; texts follow

    private Program() {}

    /** One system call with its arguments: a Long, or a String whose address is meant. */
    record Call(Sys call, List<Object> arguments) {
        Call(Sys call, Object... arguments) {
            this(call, List.of(arguments));
        }
    }

    /** A number 1 in a program's memory, for calls that take the address of one: its PT_LOAD. */
    static final long ADDRESS_OF_ONE = BASE + 64;

    /** A shell command that makes the program there. */
    static String install(String path, Call... calls) {
        var texts = new ByteArrayOutputStream();
        byte[] code = Arrays.copyOf(code(texts, calls), CODE);
        ByteBuffer image = ByteBuffer.allocate(CODE + texts.size()).put(code).put(texts.toByteArray());
        String text = Base64.getEncoder().encodeToString(elf(image.array()));
        return "echo " + text + " | base64 -d >" + path + " && chmod +x " + path;
    }

    static String install(String path, Sys call, Object... arguments) {
        return install(path, new Call(call, arguments));
    }

    /** @param texts receives what its addresses lead to */
    private static byte[] code(ByteArrayOutputStream texts, Call... calls) {
        // mov rdi, rsi, rdx, r10, r8, r9 with 64-bit immediates
        int[][] registers = {{0x48, 0xbf}, {0x48, 0xbe}, {0x48, 0xba}, {0x49, 0xba}, {0x49, 0xb8}, {0x49, 0xb9}};
        ByteBuffer code = ByteBuffer.allocate(CODE).order(ByteOrder.LITTLE_ENDIAN);
        for (Call call : calls) {
            for (int i = 0; i < call.arguments.size(); i++) {
                code.put((byte) registers[i][0])
                        .put((byte) registers[i][1])
                        .putLong(value(texts, call.arguments.get(i)));
            }
            code.put((byte) 0xb8).putInt(call.call.number()); // mov eax, number
            code.put(new byte[] {0x0f, 0x05}); // syscall
        }
        code.put(new byte[] {(byte) 0x85, (byte) 0xc0, 0x79, 0x02, (byte) 0xf7, (byte) 0xd8
        }); // test eax, eax; jns; neg eax
        code.put(new byte[] {(byte) 0x89, (byte) 0xc7}); // mov edi, eax
        code.put(new byte[] {(byte) 0xb8, 0x3c, 0, 0, 0, 0x0f, 0x05}); // exit(edi)
        byte[] bytes = new byte[code.position()];
        code.flip().get(bytes);
        return bytes;
    }

    private static long value(ByteArrayOutputStream texts, Object argument) {
        if (argument instanceof String text) {
            long address = BASE + HEADERS + CODE + texts.size();
            texts.writeBytes((text + "\0").getBytes(StandardCharsets.UTF_8));
            return address;
        }
        return (Long) argument;
    }

    /** The least that Linux executes: an ELF header and one segment. */
    private static byte[] elf(byte[] code) {
        ByteBuffer elf = ByteBuffer.allocate(HEADERS + code.length).order(ByteOrder.LITTLE_ENDIAN);
        elf.putInt(0x464c457f).putInt(0x00010102).putLong(0); // 64-bit, little endian
        elf.putShort((short) 2).putShort((short) 62).putInt(1); // ET_EXEC, EM_X86_64
        elf.putLong(BASE + HEADERS).putLong(64).putLong(0).putInt(0);
        elf.putShort((short) 64).putShort((short) 56).putShort((short) 1);
        elf.putShort((short) 0).putShort((short) 0).putShort((short) 0);
        elf.putInt(1).putInt(5).putLong(0).putLong(BASE).putLong(BASE); // PT_LOAD, readable and executable
        elf.putLong(elf.capacity()).putLong(elf.capacity()).putLong(4096);
        return elf.put(code).array();
    }
}
