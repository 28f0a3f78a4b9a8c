// The conversation and the tools as chat completions want them. Pure.

import type { Message, Tool, ToolCall } from '../types.ts';

export type ChatMessage =
  | { role: 'system' | 'user'; content: string }
  | { role: 'tool'; tool_call_id: string; content: string }
  | { role: 'assistant'; content: string | null; tool_calls?: ChatToolCall[] };

export interface ChatToolCall {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
}

export interface ChatTool {
  type: 'function';
  function: { name: string; description: string; parameters: Record<string, unknown> };
}

/** Assistant messages that say and do nothing are left out: servers refuse them. */
export function chatMessages(messages: readonly Message[]): ChatMessage[] {
  return messages.flatMap((message): ChatMessage[] => {
    switch (message.role) {
      case 'system':
      case 'user':
        return [{ role: message.role, content: message.text }];
      case 'tool':
        return [{ role: 'tool', tool_call_id: message.callId, content: message.result }];
      case 'assistant': {
        const { text, toolCalls } = message;
        const content = text === '' ? null : text;
        if (toolCalls.length > 0) {
          return [{ role: 'assistant', content, tool_calls: toolCalls.map(chatToolCall) }];
        }
        return content === null ? [] : [{ role: 'assistant', content }];
      }
      default:
        return message satisfies never;
    }
  });
}

export function chatTools(tools: readonly Tool[]): ChatTool[] {
  return tools.map(({ name, description, parameters }) => ({
    type: 'function',
    function: { name, description, parameters: parameters as Record<string, unknown> },
  }));
}

function chatToolCall(call: ToolCall): ChatToolCall {
  // Some servers parse what the model wrote before, and refuse the whole request when they cannot.
  const args = isJson(call.arguments) ? call.arguments : '{}';
  return { id: call.id, type: 'function', function: { name: call.name, arguments: args } };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
