/** @jest-environment jsdom */
import { cleanup, render, screen } from '@testing-library/react';
import { SelectField, TextField } from './field';

afterEach(cleanup);

const describedBy = (element: HTMLElement) =>
  (element.getAttribute('aria-describedby') ?? '')
    .split(' ')
    .map((id) => document.getElementById(id)?.textContent);

describe(TextField, () => {
  it('ties label, hint and error to the input', () => {
    render(<TextField label="Name" hint="As you like." error="must not be empty" />);
    const input = screen.getByLabelText('Name');
    expect(input.getAttribute('aria-invalid')).toBe('true');
    expect(describedBy(input)).toEqual(['As you like.', 'Must not be empty']);
  });

  it('is not called wrong without an error', () => {
    render(<TextField label="Name" />);
    const input = screen.getByLabelText('Name');
    expect(input.getAttribute('aria-invalid')).toBe('false');
    expect(input.hasAttribute('aria-describedby')).toBe(false);
  });
});

describe(SelectField, () => {
  it('has its label', () => {
    render(
      <SelectField label="Room">
        <option>Hall</option>
      </SelectField>,
    );
    expect(screen.getByLabelText('Room').tagName).toBe('SELECT');
  });
});
