/** @jest-environment jsdom */
import { jest } from '@jest/globals';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { ConfirmDialog } from './confirm-dialog';

afterEach(cleanup);

const aDialog = (onConfirm: () => Promise<unknown>, typeToConfirm?: string) => {
  const onOpenChange = jest.fn();
  render(
    <ConfirmDialog
      open
      onOpenChange={onOpenChange}
      title="Delete Hall?"
      action="Delete"
      onConfirm={onConfirm}
      {...(typeToConfirm !== undefined && { typeToConfirm })}
    >
      Its readings are lost.
    </ConfirmDialog>,
  );
  return {
    onOpenChange,
    button: screen.getByRole<HTMLButtonElement>('button', { name: 'Delete' }),
  };
};

describe(ConfirmDialog, () => {
  it('says what is lost to who cannot see', () => {
    aDialog(() => Promise.resolve());
    const description = screen.getByRole('dialog').getAttribute('aria-describedby');
    expect(document.getElementById(description!)!.textContent).toBe('Its readings are lost.');
  });

  it('does nothing before the name is typed', () => {
    const onConfirm = jest.fn(() => Promise.resolve());
    const { button } = aDialog(onConfirm, 'Hall');
    expect(button.disabled).toBe(true);
    fireEvent.submit(button.closest('form')!);
    expect(onConfirm).not.toHaveBeenCalled();
    fireEvent.change(screen.getByLabelText(/to confirm/), { target: { value: 'Hall' } });
    expect(button.disabled).toBe(false);
  });

  it('closes once it is done', async () => {
    const { onOpenChange, button } = aDialog(() => Promise.resolve());
    fireEvent.click(button);
    await waitFor(() => expect(onOpenChange).toHaveBeenCalledWith(false));
  });

  it('stays for another try when it failed', async () => {
    const { onOpenChange, button } = aDialog(() => Promise.reject(new Error('no')));
    fireEvent.click(button);
    await waitFor(() => expect(button.disabled).toBe(false));
    expect(onOpenChange).not.toHaveBeenCalled();
  });
});
