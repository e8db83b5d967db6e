import { Modal, type ModalProps } from 'antd';

export interface DialogProps extends Omit<ModalProps, 'open' | 'onCancel' | 'mask' | 'keyboard' | 'closable' | 'confirmLoading'> {
  /** Something was sent and is not answered yet: it cannot be turned away from as if it had not been. */
  readonly isBusy?: boolean;
  readonly close: () => void;
}

/** A press beside it loses nothing that was typed. */
export function Dialog({ isBusy = false, close, okButtonProps, ...rest }: DialogProps) {
  return (
    <Modal
      open
      mask={{ closable: false }}
      keyboard={!isBusy}
      closable={!isBusy}
      okButtonProps={{ ...okButtonProps, loading: isBusy || okButtonProps?.loading === true }}
      cancelButtonProps={{ disabled: isBusy }}
      onCancel={() => {
        if (!isBusy) close();
      }}
      {...rest}
    />
  );
}
