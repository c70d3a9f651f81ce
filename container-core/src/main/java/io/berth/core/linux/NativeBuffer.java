// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import jnr.ffi.Pointer;

/** Part of a {@link NativeMemory}, valid until that is closed; bounds are checked, numbers are in the machine's byte order. */
public final class NativeBuffer {
    private final Pointer pointer;
    private final int size;
    private final Object text;

    NativeBuffer(long address, int size, Object text) {
        this(Pointer.wrap(LibC.Loaded.RUNTIME, address), size, text);
    }

    private NativeBuffer(Pointer pointer, int size, Object text) {
        this.pointer = pointer;
        this.size = size;
        this.text = text;
    }

    /**
     * The same memory, shown by another name in messages.
     *
     * @param name its text is put together only when somebody reads it: a call has a message only where it fails
     */
    public NativeBuffer named(Object name) {
        return new NativeBuffer(pointer, size, name);
    }

    public long address() {
        return pointer.address();
    }

    Pointer pointer() {
        return pointer;
    }

    public int size() {
        return size;
    }

    public NativeBuffer put(int offset, byte[] bytes) {
        return put(offset, bytes, 0, bytes.length);
    }

    public NativeBuffer put(int offset, byte[] bytes, int from, int length) {
        pointer.put(checked(offset, length), bytes, from, length);
        return this;
    }

    public NativeBuffer putShort(int offset, int value) {
        pointer.putShort(checked(offset, Short.BYTES), (short) value);
        return this;
    }

    public NativeBuffer putInt(int offset, int value) {
        pointer.putInt(checked(offset, Integer.BYTES), value);
        return this;
    }

    public NativeBuffer putLong(int offset, long value) {
        pointer.putLong(checked(offset, Long.BYTES), value);
        return this;
    }

    public int getUnsignedShort(int offset) {
        return pointer.getShort(checked(offset, Short.BYTES)) & 0xffff;
    }

    public int getInt(int offset) {
        return pointer.getInt(checked(offset, Integer.BYTES));
    }

    public long getLong(int offset) {
        return pointer.getLong(checked(offset, Long.BYTES));
    }

    public void get(int offset, byte[] into, int from, int length) {
        pointer.get(checked(offset, length), into, from, length);
    }

    public byte[] getBytes(int offset, int length) {
        byte[] bytes = new byte[length];
        get(offset, bytes, 0, length);
        return bytes;
    }

    /** The first bytes as UTF-8, without what follows a NUL and without surrounding blanks. */
    public String getText(int length) {
        String all = new String(getBytes(0, length), StandardCharsets.UTF_8);
        int end = all.indexOf('\0');
        return (end < 0 ? all : all.substring(0, end)).strip();
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private long checked(int offset, int length) {
        return Objects.checkFromIndexSize(offset, length, size);
    }
}
