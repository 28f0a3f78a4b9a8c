// Keeps a page that breaks, or whose script cannot be loaded, from taking the rest with it.

import { Component } from 'react';
import type { ReactNode } from 'react';
import { RotateCw, TriangleAlert } from 'lucide-react';
import { texts } from '../texts/texts.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/states.tsx';

interface PageBoundaryProps {
  /** Another page is another try. */
  readonly page: string;
  readonly children: ReactNode;
}

interface PageBoundaryState {
  readonly brokenPage: string | undefined;
}

export class PageBoundary extends Component<PageBoundaryProps, PageBoundaryState> {
  override state: PageBoundaryState = { brokenPage: undefined };

  override componentDidCatch(): void {
    this.setState({ brokenPage: this.props.page });
  }

  static getDerivedStateFromError(): Partial<PageBoundaryState> {
    return { brokenPage: '' };
  }

  override render(): ReactNode {
    const { brokenPage } = this.state;
    const { page, children } = this.props;
    if (brokenPage === undefined || (brokenPage !== '' && brokenPage !== page)) return children;
    return (
      <Empty
        icon={TriangleAlert}
        title={texts.failures.pageBroken}
        className="min-h-[60vh]"
        action={
          <Button icon={RotateCw} onClick={() => location.reload()}>
            {texts.failures.reload}
          </Button>
        }
      >
        {texts.failures.pageBrokenHint}
      </Empty>
    );
  }
}
